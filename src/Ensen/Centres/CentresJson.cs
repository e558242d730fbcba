using System.Text.Json.Serialization;

namespace Ensen.Centres;

/// <summary>How the answers of point tills are remembered for repeats of a request.</summary>
[JsonSerializable(typeof(Awarded))]
[JsonSerializable(typeof(Spent))]
[JsonSerializable(typeof(PointsCancelled))]
sealed partial class CentresJson : JsonSerializerContext;
