namespace Ensen.Gateways;

/// <summary>Sends mail. The id of a mail makes it go out once, however often it is handed over.</summary>
public interface IMail
{
    Task<Reply> Send(Mail mail, CancellationToken ct);
}

/// <summary>One mail in plain text.</summary>
public sealed record Mail(Guid Id, string To, string Subject, string Body);
