using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Members;
using Ensen.Merchants;

namespace Ensen.Joining;

/// <summary>Who applies: a company, or a person in their own name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApplicantKind>))]
public enum ApplicantKind
{
    Company = 1,
    Person = 2,
}

/// <summary>A store that is to be opened, as typed. <paramref name="LatinName"/>: as it is printed for who reads no Japanese.</summary>
public sealed record ApplyingStore(string Name, string PostalCode, string Address, string Station = "", string LatinName = "");

/// <summary>
/// What a shop that applies types: who they are, where they are paid, what they deal in, their stores.
/// </summary>
/// <param name="CorporateNumber">The 13 digits of a company; a person has none.</param>
/// <param name="Kana">The name in kana: by it the holder of the bank account is compared.</param>
public sealed partial record ApplicationForm(
    ApplicantKind Kind, string Name, string Kana, string CorporateNumber, string Representative, string Email, string Telephone,
    string Category, string BankCode, string BranchCode, string AccountKind, string AccountNumber, string Holder,
    IReadOnlyList<ApplyingStore> Stores)
{
    public const int MostStores = 5;
    public const int LongestKana = 100;
    const int LongestAddress = 120;

    [JsonIgnore]
    public BankAccountNumber? Account => BankAccountNumber.Read(BankCode, BranchCode, AccountKind, AccountNumber);

    /// <summary>Each field that cannot be read, by its name in the contract (<c>stores/0/address</c>); none when it is whole.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        void Wrong(string field, bool isWrong)
        {
            if (isWrong)
                faults.Add(field);
        }
        Wrong("kind", !Enum.IsDefined(Kind));
        Wrong("name", !OneLineName.TryParse(Name, out _));
        // What no bank writes is no kana: nobody could compare it with the holder of the account.
        Wrong("kana", !OneLineName.TryParse(Kana, LongestKana, out _) || !ZenginKana.TryWrite(Kana, out _, out _));
        Wrong("corporateNumber", Kind == ApplicantKind.Company && Joining.CorporateNumber.Read(CorporateNumber) is null);
        Wrong("representative", !OneLineName.TryParse(Representative, out _));
        Wrong("email", !EmailAddress.TryParse(Email, out _, out _));
        Wrong("telephone", !TelephoneNumber.TryParse(Telephone, out _));
        Wrong("category", !MerchantCategory.IsKnown(Category));
        // A table that takes codes for numbers drops their zeros; which digits are missing nobody guesses, it would be another bank.
        var (isBank, isBranch) = (BankAccountNumber.IsBankCode(BankCode), BankAccountNumber.IsBranchCode(BranchCode));
        Wrong("bankCode", !isBank);
        Wrong("branchCode", !isBranch);
        Wrong("accountNumber", Account is null && (isBank && isBranch || !BankAccountNumber.IsNumber(AccountNumber)));
        Wrong("holder", !OneLineName.TryParse(Holder, LongestKana, out _) || ApplicationChecks.HolderOf(this) is null);
        Wrong("stores", Stores.Count is < 1 or > MostStores);
        foreach (var (store, at) in Stores.Take(MostStores).Select((s, i) => (s, i)))
            switch (OpenStore.Check(Opening(store) with { MerchantName = store.Name, Category = MerchantCategory.Other }))
            {
                case OpenStoreRefusal.InvalidName:
                    faults.Add($"stores/{at}/name");
                    break;
                case OpenStoreRefusal.InvalidPostalCode:
                    faults.Add($"stores/{at}/postalCode");
                    break;
                case OpenStoreRefusal.None when OneLineName.TryParse(store.Address, LongestAddress, out _)
                    && House().IsMatch(store.Address):
                    break;
                default:
                    faults.Add($"stores/{at}/address");
                    break;
            }
        return faults;
    }

    /// <summary>The store as it will be opened.</summary>
    internal OpenStoreRequest Opening(ApplyingStore store, MerchantId? merchant = null) => new(
        Name, store.Name, Station: store.Station, Category: Category, Address: store.Address, PostalCode: store.PostalCode,
        LatinName: store.LatinName.Trim().Length == 0 ? null : store.LatinName, Merchant: merchant);

    // Where a shop stands has a number, in whatever digits: a town alone is found by nobody.
    [GeneratedRegex(@"\p{Nd}|[〇一二三四五六七八九十百]+(?:丁目|番|号|の|ノ)|番地|番外", RegexOptions.CultureInvariant)]
    private static partial Regex House();

    internal byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, ApplicationJson.Default.ApplicationForm);

    internal static ApplicationForm Read(byte[] bytes) =>
        JsonSerializer.Deserialize(bytes, ApplicationJson.Default.ApplicationForm) ?? throw new JsonException("An application is empty.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApplicationForm))]
sealed partial class ApplicationJson : JsonSerializerContext;

/// <summary>
/// The number that the state gives a company: 13 digits, of which the first checks the others (Ordinance of the Ministry of Finance No. 70
/// of 2014, article 2).
/// </summary>
public static class CorporateNumber
{
    const int Digits = 13;

    /// <summary>The 13 digits; null when it is no such number.</summary>
    public static string? Read(string? typed) =>
        TypedDigits.Number(typed) is { Length: Digits } digits && digits[0] - '0' == CheckDigit(digits.AsSpan(1)) ? digits : null;

    // From the right, every second digit counts twice; what is left of nine after that is the check.
    static int CheckDigit(ReadOnlySpan<char> twelve)
    {
        var sum = 0;
        for (var i = 0; i < twelve.Length; i++)
            sum += (twelve[^(i + 1)] - '0') * (i % 2 == 0 ? 1 : 2);
        return 9 - sum % 9;
    }
}
