using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Operations;

/// <summary>A correction that an operator proposed; the entry that corrects has an id of its own. Outside: <c>cor_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<ProposalId>))]
public readonly record struct ProposalId(Guid Value) : ITypedId<ProposalId>
{
    public static string Prefix => "cor";

    public static ProposalId Of(Guid value) => new(value);

    public static implicit operator Guid(ProposalId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
