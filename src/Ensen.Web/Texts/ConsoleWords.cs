namespace Ensen.Web.Texts;

/// <summary>The texts of the console: ConsoleWords.resx is Japanese, one more file a language.</summary>
public sealed class ConsoleWords;
