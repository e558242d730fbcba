using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Withdrawals;

/// <summary>Money on its way to a member's bank account, and the entry that set it aside. Outside: <c>wdr_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<WithdrawalId>))]
public readonly record struct WithdrawalId(Guid Value) : ITypedId<WithdrawalId>
{
    public static string Prefix => "wdr";

    public static WithdrawalId Of(Guid value) => new(value);

    public static implicit operator Guid(WithdrawalId id) => id.Value;

    public static implicit operator EntryId(WithdrawalId id) => new(id.Value);

    public override string ToString() => Id.Format(Prefix, Value);
}
