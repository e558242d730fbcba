using System.Text.Json.Serialization;

namespace Ensen.Wallet;

/// <summary>How the wallet's answers are remembered for repeats of a request.</summary>
[JsonSerializable(typeof(Paid))]
sealed partial class WalletJson : JsonSerializerContext;
