namespace Ensen.Web.Texts;

/// <summary>The texts of the merchant's desk: ShopWords.resx is Japanese, one more file a language.</summary>
public sealed class ShopWords;
