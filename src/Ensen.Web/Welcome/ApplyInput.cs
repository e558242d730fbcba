using System.Globalization;
using Ensen.Joining;
using Ensen.Members;
using Ensen.Ui;

namespace Ensen.Web.Welcome;

/// <summary>A form as it goes on. <paramref name="Stores"/>: where on the page that was sent its stores stood.</summary>
sealed record TypedApplication(IReadOnlyDictionary<string, string> Fields, IReadOnlyList<int> Stores)
{
    public ApplicationForm Form => ApplyInput.Read(name => Fields.GetValueOrDefault(name, ""));
}

/// <summary>The form of a shop that applies, as fields of a page: read from what was sent, and filled in again.</summary>
static class ApplyInput
{
    /// <summary>How many stores the form has room for.</summary>
    public const string Stores = "stores";

    public static string OfStore(int store, string field) => FormattableString.Invariant($"store{store}-{field}");

    /// <summary>What a fault's name in the contract is called among the fields of the page.</summary>
    public static string FieldOf(string fault) => fault.Split('/') is [_, var store, var field]
        ? OfStore(int.Parse(store, CultureInfo.InvariantCulture), field) : fault;

    /// <summary>A button that takes away the store at the place that is its value.</summary>
    public const string Less = "less";

    /// <summary>A button that adds a store.</summary>
    public const string More = "more";

    static readonly string[] s_ofStore = ["name", "postalCode", "address", "station", "latinName"];

    /// <summary>
    /// What was typed, but for the store that is taken away and, where none is added or taken away, for those of which nothing was typed
    /// and no photo chosen: those behind move up. One stays.
    /// </summary>
    public static TypedApplication Typed(HttpContext http)
    {
        var typed = SentBack.Typed(http);
        string Of(string field) => typed.GetValueOrDefault(field, "");
        bool IsEmpty(int store) => s_ofStore.All(field => string.IsNullOrWhiteSpace(Of(OfStore(store, field))))
            && http.Request.Form.Files.GetFile(OfStore(store, "photo")) is not { Length: > 0 };
        var less = int.TryParse(Of(Less), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : -1;
        var isOther = typed.Remove(More) | typed.Remove(Less);
        int[] left = [.. Enumerable.Range(0, Count(Of)).Where(store => store != less && (isOther || !IsEmpty(store)))];
        if (left.Length == 0)
            left = [0];
        var fields = typed.Where(field => !field.Key.StartsWith("store", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        foreach (var (was, now) in left.Select((was, now) => (was, now)))
            foreach (var field in s_ofStore)
                fields[OfStore(now, field)] = Of(OfStore(was, field));
        fields[Stores] = left.Length.ToString(CultureInfo.InvariantCulture);
        return new TypedApplication(fields, left);
    }

    public static int Count(Func<string, string> of) =>
        int.TryParse(of(Stores), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Math.Clamp(count, 1, ApplicationForm.MostStores) : 1;

    public static ApplicationForm Read(Func<string, string> of) => new(
        of("kind") == nameof(ApplicantKind.Company) ? ApplicantKind.Company : ApplicantKind.Person, of("name"), of("kana"),
        of("corporateNumber"), of("representative"), of("email"), of("telephone"), of("category"), of("bankCode"), of("branchCode"),
        of("accountKind"), of("accountNumber"), of("holder"),
        [.. Enumerable.Range(0, Count(of)).Select(i => new ApplyingStore(of(OfStore(i, "name")), of(OfStore(i, "postalCode")),
            of(OfStore(i, "address")), of(OfStore(i, "station")), of(OfStore(i, "latinName"))))]);

    public static Dictionary<string, string> Fields(ApplicationForm form)
    {
        var fields = new Dictionary<string, string>
        {
            ["kind"] = form.Kind.ToString(),
            ["name"] = form.Name,
            ["kana"] = form.Kana,
            ["corporateNumber"] = form.CorporateNumber,
            ["representative"] = form.Representative,
            ["email"] = form.Email,
            ["telephone"] = TelephoneNumber.TryParse(form.Telephone, out var telephone)
                ? TelephoneNumber.Dialled(telephone) : form.Telephone,
            ["category"] = form.Category,
            ["bankCode"] = form.BankCode,
            ["branchCode"] = form.BranchCode,
            ["accountKind"] = form.AccountKind,
            ["accountNumber"] = form.AccountNumber,
            ["holder"] = form.Holder,
            [Stores] = form.Stores.Count.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (store, i) in form.Stores.Select((store, i) => (store, i)))
        {
            fields[OfStore(i, "name")] = store.Name;
            fields[OfStore(i, "postalCode")] = store.PostalCode is { Length: 7 } digits ? $"{digits[..3]}-{digits[3..]}" : store.PostalCode;
            fields[OfStore(i, "address")] = store.Address;
            fields[OfStore(i, "station")] = store.Station;
            fields[OfStore(i, "latinName")] = store.LatinName;
        }
        return fields;
    }
}
