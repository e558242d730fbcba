namespace Ensen.Formats;

/// <summary>Why a text that a till scanned or typed is not a code that a member shows.</summary>
public enum ShownCodeFault
{
    None = 0,

    /// <summary>Nothing was scanned.</summary>
    Empty = 1,

    /// <summary>Longer than any code.</summary>
    TooLong = 2,

    /// <summary>Neither 19 digits nor the text of a consumer-presented QR.</summary>
    NotACode = 3,

    /// <summary>The QR's text is base64 of something that is not well-formed BER-TLV.</summary>
    BrokenField = 4,

    /// <summary>Does not begin with <c>CPV01</c>, or has no application with an account.</summary>
    NotEmv = 5,

    /// <summary>A good code of another network.</summary>
    NotOurs = 6,

    /// <summary>The check digit is not that of the other eighteen: misread or mistyped.</summary>
    WrongCheckDigit = 7,

    /// <summary>
    /// The text of a QR whose letters are all small or all capital: the scanner or the keyboard lost what cannot be given back.
    /// </summary>
    CaseLost = 8,
}
