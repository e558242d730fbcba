using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Wallet;

namespace Ensen.Web.Api;

/// <summary>
/// How the API reads and writes JSON: camelCase, and strict. A field that is unknown or stands twice, a number as text, a fraction
/// where yen are counted: each is an error, never a guess.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict,
    MaxDepth = 8)]
[JsonSerializable(typeof(SandboxMemberBody))]
[JsonSerializable(typeof(SandboxMemberAnswer))]
[JsonSerializable(typeof(SandboxStoreBody))]
[JsonSerializable(typeof(SandboxStoreAnswer))]
[JsonSerializable(typeof(ClockBody))]
[JsonSerializable(typeof(ClockAnswer))]
[JsonSerializable(typeof(WalletAnswer))]
[JsonSerializable(typeof(ChargeBody))]
[JsonSerializable(typeof(ChargeAnswer))]
[JsonSerializable(typeof(TagAnswer))]
[JsonSerializable(typeof(PaymentBody))]
[JsonSerializable(typeof(PaymentAnswer))]
[JsonSerializable(typeof(PaymentDetails))]
[JsonSerializable(typeof(CodeAnswer))]
[JsonSerializable(typeof(TillPaymentBody))]
[JsonSerializable(typeof(RefundBody))]
[JsonSerializable(typeof(RefundAnswer))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(TransferBody))]
[JsonSerializable(typeof(TransferAnswer))]
[JsonSerializable(typeof(LivePayment))]
[JsonSerializable(typeof(LiveRefund))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(ProblemAnswer))]
sealed partial class ApiJson : JsonSerializerContext;

/// <summary>A page of a list: <paramref name="Next"/> is the <c>before</c> of the following one, null at the end.</summary>
sealed record HistoryPage(IReadOnlyList<HistoryAnswer> Items, string? Next);
