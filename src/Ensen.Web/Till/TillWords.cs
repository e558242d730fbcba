namespace Ensen.Web.Till;

/// <summary>The texts of the till: TillWords.resx is Japanese, one more file a language.</summary>
public sealed class TillWords;
