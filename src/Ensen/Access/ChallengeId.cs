using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Access;

/// <summary>A challenge: somebody is asked to prove again who they are. Outside: <c>chl_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<ChallengeId>))]
public readonly record struct ChallengeId(Guid Value) : ITypedId<ChallengeId>
{
    public static string Prefix => "chl";

    public static ChallengeId Of(Guid value) => new(value);

    public static implicit operator Guid(ChallengeId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
