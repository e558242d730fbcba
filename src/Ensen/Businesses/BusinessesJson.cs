using System.Text.Json.Serialization;

namespace Ensen.Businesses;

/// <summary>How answers about companies' accounts are remembered for repeats of a request.</summary>
[JsonSerializable(typeof(BusinessTransferMade))]
[JsonSerializable(typeof(BusinessTransferApproved))]
[JsonSerializable(typeof(BusinessDepositBooked))]
sealed partial class BusinessesJson : JsonSerializerContext;
