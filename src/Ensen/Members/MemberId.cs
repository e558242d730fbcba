using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Members;

/// <summary>A member. Outside: <c>mbr_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<MemberId>))]
public readonly record struct MemberId(Guid Value) : ITypedId<MemberId>
{
    public static string Prefix => "mbr";

    public static MemberId Of(Guid value) => new(value);

    public static implicit operator Guid(MemberId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
