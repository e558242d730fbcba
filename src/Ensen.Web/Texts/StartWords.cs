namespace Ensen.Web.Texts;

/// <summary>
/// The texts of the first page and of the pages for when something is wrong: StartWords.resx is Japanese, one more file a language.
/// </summary>
public sealed class StartWords;
