using System.Text.Json.Serialization;

namespace Ensen.Campaigns;

/// <summary>How terms and dry runs are kept, and how answers are remembered.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CampaignTerms))]
[JsonSerializable(typeof(DryRun))]
[JsonSerializable(typeof(CampaignOpened))]
[JsonSerializable(typeof(CampaignClosed))]
sealed partial class CampaignsJson : JsonSerializerContext;
