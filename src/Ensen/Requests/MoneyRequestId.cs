using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Requests;

/// <summary>Money that a member asks another one for. Outside: <c>req_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<MoneyRequestId>))]
public readonly record struct MoneyRequestId(Guid Value) : ITypedId<MoneyRequestId>
{
    public static string Prefix => "req";

    public static MoneyRequestId Of(Guid value) => new(value);

    public static implicit operator Guid(MoneyRequestId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
