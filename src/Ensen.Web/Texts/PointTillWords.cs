namespace Ensen.Web.Texts;

/// <summary>The texts of point tills at shopping centres: PointTillWords.resx is Japanese, one more file a language.</summary>
public sealed class PointTillWords;
