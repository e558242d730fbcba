namespace Ensen.Web.Texts;

/// <summary>The texts of shops that apply to join: ApplyWords.resx is Japanese, one more file a language.</summary>
public sealed class ApplyWords;
