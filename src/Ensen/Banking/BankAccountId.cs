using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Banking;

/// <summary>A bank account that a member linked. Outside: <c>bnk_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<BankAccountId>))]
public readonly record struct BankAccountId(Guid Value) : ITypedId<BankAccountId>
{
    public static string Prefix => "bnk";

    public static BankAccountId Of(Guid value) => new(value);

    public static implicit operator Guid(BankAccountId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
