namespace Ensen.Web.Texts;

/// <summary>
/// The texts of passkeys and authenticators of whoever works for the programme or a merchant: FactorWords.resx is Japanese, one more file a
/// language.
/// </summary>
public sealed class FactorWords;
