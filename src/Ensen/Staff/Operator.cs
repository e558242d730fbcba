namespace Ensen.Staff;

/// <summary>What became of an operator's account. The numbers are stored.</summary>
public enum OperatorState
{
    /// <summary>An operator invited somebody; a second person has to approve that before the link opens.</summary>
    Waiting = 1,

    /// <summary>The link opens: whoever has it chooses a password, and makes a passkey or registers an authenticator.</summary>
    Invited = 2,

    /// <summary>Signs in.</summary>
    Active = 3,

    /// <summary>Signs in no more, ever. Another account of the same person is another invitation.</summary>
    Dismissed = 4,
}

/// <summary>An account of a person who works for the programme.</summary>
public sealed record Operator
{
    public OperatorId Id { get; init; }

    /// <summary>Whose account this is: four eyes are those of two persons, and not of two accounts.</summary>
    public PersonId Person { get; init; }

    /// <summary>The person's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>By which the account signs in; unique.</summary>
    public string SignInName { get; init; } = "";
    public OperatorRoles Roles { get; init; }
    public OperatorState State { get; init; }

    /// <summary>The person by whose account this one was invited; null when it was by command.</summary>
    public PersonId? InvitedBy { get; init; }
    public long InvitedMs { get; init; }

    public bool May(OperatorRoles role) => State == OperatorState.Active && (Roles & role) != OperatorRoles.None;
}

/// <summary>How an operator acts. The numbers are stored.</summary>
public enum ActedThrough
{
    /// <summary>Signed in, on a page or with a session's token.</summary>
    Session = 1,

    /// <summary>
    /// By a command: whoever administers the machine acts in the operator's name, and nobody has proven to be that operator.
    /// </summary>
    Command = 2,
}

/// <summary>The account that does something, and how.</summary>
public readonly record struct ActingOperator(OperatorId Account, ActedThrough Through = ActedThrough.Session)
{
    public static implicit operator ActingOperator(OperatorId account) => new(account);
}
