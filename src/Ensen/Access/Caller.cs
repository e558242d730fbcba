using Ensen.Basics;

namespace Ensen.Access;

/// <summary>
/// Who is asking. <paramref name="Owner"/>: whose accounts and rows the session acts on, the member, the store of the till, the
/// centre of the point till, or the merchant, which is also that of a shop account.
/// </summary>
public sealed record Caller(SessionId Session, Subject Subject, Guid Owner, AssuranceLevel Assurance = AssuranceLevel.Issued)
{
    public SubjectKind Kind => Subject.Kind;

    /// <summary>The till, where one asks.</summary>
    public Guid? Till => Kind == SubjectKind.Till ? Subject.Id : null;

    /// <summary>A person typed a secret to open the session, so it is never taken for a program's.</summary>
    public bool ByPerson => Assurance > AssuranceLevel.Issued;

    /// <summary>Who asks, as history keeps it: the till, not its store; else the member or the merchant.</summary>
    public Guid Id => Subject.Id;
}
