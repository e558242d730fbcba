namespace Ensen.Formats;

/// <summary>Why a scanned text is not a payment code of one of our stores.</summary>
public enum StoreCodeFault
{
    None = 0,

    /// <summary>Nothing was scanned.</summary>
    Empty = 1,

    /// <summary>Longer than the 512 characters a merchant-presented code may have.</summary>
    TooLong = 2,

    /// <summary>Does not begin with <c>000201</c>: a web address, a coupon, a text.</summary>
    NotEmv = 3,

    /// <summary>Half a surrogate pair, which no UTF-8 text can hold.</summary>
    NotUnicode = 4,

    /// <summary>A tag or a length is not two digits, a length is 00 or reaches past the end.</summary>
    BrokenField = 5,

    /// <summary>Does not end with the checksum field <c>6304</c>.</summary>
    NoChecksum = 6,

    /// <summary>The checksum is not that of the text: misread or altered.</summary>
    WrongChecksum = 7,

    /// <summary>The same tag twice, which two readers could understand differently.</summary>
    RepeatedField = 8,

    /// <summary>A code of another country or currency.</summary>
    NotJapanese = 9,

    /// <summary>A field that every JPQR code has is missing or has the wrong form.</summary>
    Incomplete = 10,

    /// <summary>The amount is not a number of whole yen from 1.</summary>
    WrongAmount = 11,

    /// <summary>A good code, but of a store that is not in our network.</summary>
    NotOurs = 12,

    /// <summary>The amount, the order or the expiry is not what the store signed.</summary>
    Altered = 13,

    /// <summary>A dynamic code past its expiry.</summary>
    Lapsed = 14,
}
