using System.Globalization;
using Ensen.Joining;

namespace Ensen.Web.Welcome;

/// <summary>The form of a shop that applies, as fields of a page: read from what was sent, and filled in again.</summary>
static class ApplyInput
{
    /// <summary>How many stores the form has room for.</summary>
    public const string Stores = "stores";

    public static string OfStore(int store, string field) => FormattableString.Invariant($"store{store}-{field}");

    /// <summary>What a fault's name in the contract is called among the fields of the page.</summary>
    public static string FieldOf(string fault) => fault.Split('/') is [_, var store, var field]
        ? OfStore(int.Parse(store, CultureInfo.InvariantCulture), field) : fault;

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
            ["telephone"] = form.Telephone,
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
            fields[OfStore(i, "postalCode")] = store.PostalCode;
            fields[OfStore(i, "address")] = store.Address;
            fields[OfStore(i, "station")] = store.Station;
            fields[OfStore(i, "latinName")] = store.LatinName;
        }
        return fields;
    }
}
