using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Staff;

/// <summary>A human being who works for the programme, however many accounts they have. Outside: <c>per_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<PersonId>))]
public readonly record struct PersonId(Guid Value) : ITypedId<PersonId>
{
    public static string Prefix => "per";

    public static PersonId Of(Guid value) => new(value);

    public static implicit operator Guid(PersonId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
