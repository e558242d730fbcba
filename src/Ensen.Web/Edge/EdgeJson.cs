using System.Text.Json.Serialization;

namespace Ensen.Web.Edge;

/// <summary>What both doors write as JSON, in the same letters: problems, and the news of a store.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(LivePayment))]
[JsonSerializable(typeof(LiveRefund))]
sealed partial class EdgeJson : JsonSerializerContext;
