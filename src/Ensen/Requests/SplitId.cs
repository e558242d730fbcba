using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Requests;

/// <summary>A bill that was split among members. Outside: <c>spl_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<SplitId>))]
public readonly record struct SplitId(Guid Value) : ITypedId<SplitId>
{
    public static string Prefix => "spl";

    public static SplitId Of(Guid value) => new(value);

    public static implicit operator Guid(SplitId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
