namespace Ensen.Web.Texts;

/// <summary>The texts of the public roots and of proofs on receipts: RootWords.resx is Japanese, one more file a language.</summary>
public sealed class RootWords;
