namespace Ensen.Web.Texts;

/// <summary>The texts of a company's account: BusinessWords.resx is Japanese, one more file a language.</summary>
public sealed class BusinessWords;
