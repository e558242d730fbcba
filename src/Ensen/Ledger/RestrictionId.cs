using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>A restriction on a member. Outside: <c>rst_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<RestrictionId>))]
public readonly record struct RestrictionId(Guid Value) : ITypedId<RestrictionId>
{
    public static string Prefix => "rst";

    public static RestrictionId Of(Guid value) => new(value);

    public static implicit operator Guid(RestrictionId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
