using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Rewards;

/// <summary>A change of the catalogue that an operator proposed: a new reward, or more pieces of one.</summary>
[JsonConverter(typeof(TypedIdJson<RewardProposalId>))]
public readonly record struct RewardProposalId(Guid Value) : ITypedId<RewardProposalId>
{
    public static string Prefix => "rwp";

    public static RewardProposalId Of(Guid value) => new(value);

    public static implicit operator Guid(RewardProposalId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
