using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>
/// Something that happens at most once: a shown code is used, a charge is settled. Declared by the module that sees to it.
/// </summary>
/// <param name="number">In the books, for ever.</param>
/// <param name="says">What happened, around the id of its subject, for whoever reads a finding: <c>a refund of {0}</c>.</param>
/// <param name="subject">What the subject's id begins with outside.</param>
public sealed class SingleUseKind(short number, string name, string says, string subject) : INumbered
{
    public short Number { get; } = number;
    public string Name { get; } = name;

    /// <summary>What happened to which subject, in words.</summary>
    public string Of(Guid id) => string.Format(System.Globalization.CultureInfo.InvariantCulture, says, Id.Format(subject, id));

    public override string ToString() => Name;
}
