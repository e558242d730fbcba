namespace Ensen.Ui;

/// <summary>Where the product's pages leave room for something of the sandbox.</summary>
public enum SandboxPlace
{
    /// <summary>Under every page.</summary>
    Foot = 1,

    /// <summary>The first page, below what the product is.</summary>
    Start = 2,

    /// <summary>Under the code that a member shows; the text given is the code's digits.</summary>
    UnderShownCode = 3,

    /// <summary>Under the numbers that a member types at the ATM.</summary>
    UnderAtmNumbers = 4,

    /// <summary>Under the password that a member types again; the text given is the member's address.</summary>
    UnderPassword = 5,

    /// <summary>Under the number that a member is to call; the text given is the member's number and the one to dial.</summary>
    UnderDial = 6,

    /// <summary>Where a mail was sent whose link leads on; the text given is the address.</summary>
    UnderMail = 7,
}

/// <summary>The components of the sandbox by the place where they stand. Empty where the sandbox is off, or no part of the build.</summary>
public sealed class SandboxPieces(IReadOnlyDictionary<SandboxPlace, Type> pieces)
{
    public static readonly SandboxPieces None = new(new Dictionary<SandboxPlace, Type>());

    public Type? At(SandboxPlace place) => pieces.GetValueOrDefault(place);
}
