using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Access;

/// <summary>A session: a device that is signed in. Outside: <c>ses_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<SessionId>))]
public readonly record struct SessionId(Guid Value) : ITypedId<SessionId>
{
    public static string Prefix => "ses";

    public static SessionId Of(Guid value) => new(value);

    public static implicit operator Guid(SessionId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
