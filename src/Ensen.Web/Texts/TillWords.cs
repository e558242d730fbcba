namespace Ensen.Web.Texts;

/// <summary>The texts of the till: TillWords.resx is Japanese, one more file a language.</summary>
public sealed class TillWords;
