using System.Text.Json.Serialization;

namespace Ensen.Wallet;

/// <summary>How the wallet's answers are remembered for repeats of a request.</summary>
[JsonSerializable(typeof(Paid))]
[JsonSerializable(typeof(Refunded))]
[JsonSerializable(typeof(Transferred))]
[JsonSerializable(typeof(Charged))]
[JsonSerializable(typeof(ChargeSettled))]
sealed partial class WalletJson : JsonSerializerContext;
