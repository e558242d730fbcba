using System.Text.Json.Serialization;

namespace Ensen.Web.Roots;

/// <summary>The words that the checking script says, as it reads them.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
sealed partial class RootJson : JsonSerializerContext;
