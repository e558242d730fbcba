using System.Text.Json.Serialization;

namespace Ensen.Wallet;

/// <summary>How the wallet's answers are remembered for repeats of a request.</summary>
[JsonSerializable(typeof(Paid))]
[JsonSerializable(typeof(Refunded))]
[JsonSerializable(typeof(Transferred))]
sealed partial class WalletJson : JsonSerializerContext;
