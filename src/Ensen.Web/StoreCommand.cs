using Ensen.Basics;
using Ensen.Merchants;

namespace Ensen.Web;

/// <summary>
/// <c>store</c>, <c>store add NAME</c>, <c>store pin NUMBER</c>: how whoever runs an installation opens its stores (docs/operating/stores.md).
/// </summary>
static class StoreCommand
{
    public const string Name = "store";
    const int Page = 1_000;

    public static async Task<int> Run(IServiceProvider services, IReadOnlyList<string> words, string[] args)
    {
        string? Option(string name) => ReceiptCommand.ValuesOf(args, name).LastOrDefault();
        switch (words)
        {
            case []:
                return await List(services.GetRequiredService<Stores>());
            case ["add", var name]:
                return await Add(services, RequestOf(name, Option));
            case ["pin", var number]:
                return await NewPin(services, number, Option("--for") ?? "till");
            default:
                return await Refuse(2, "store, store add NAME, store pin NUMBER: a name of several words stands in quotes; 'help store' has the options.");
        }
    }

    static OpenRequest RequestOf(string name, Func<string, string?> option)
    {
        var merchant = option("--merchant");
        var known = Id.TryParse(Id.Merchant, merchant, out var id);
        return new OpenRequest(
            known ? "" : merchant ?? name, name,
            option("--area") ?? "", option("--station") ?? "", option("--category") ?? Trade.Other, option("--address") ?? "",
            option("--postal-code") ?? "0000000", option("--latin-name"),
            TillPin: Pins.Draw(PinPurpose.TillSignIn), RefundPin: Pins.Draw(PinPurpose.Refund), Merchant: known ? id : null);
    }

    static async Task<int> Add(IServiceProvider services, OpenRequest request)
    {
        var answer = await services.GetRequiredService<Open>().Run(request);
        if (!answer.Accepted)
            return await Refuse(1, Why(answer.Refusal));
        var (opened, origin) = (answer.Value, services.GetRequiredService<Programme>().Origin);
        Print("Store", $"{opened.Store.Name} ({Id.Format(Id.Store, opened.Store.Id)})");
        Print("Merchant", Id.Format(Id.Merchant, opened.Store.Merchant));
        Print("Number", opened.Store.Number);
        Print("Till PIN", request.TillPin!);
        Print("Refund PIN", request.RefundPin!);
        Print("Tag", $"{origin}/t/{Id.Format(Id.Tag, opened.TagId)}");
        Print("Till", $"{origin}/till/sign-in");
        Console.WriteLine("The PINs are shown only now: kept are their hashes. 'store pin NUMBER' makes a new one.");
        return 0;
    }

    static async Task<int> NewPin(IServiceProvider services, string number, string purpose)
    {
        if (purpose is not ("till" or "refund"))
            return await Refuse(2, $"--for is '{purpose}'; allowed is till or refund.");
        if (await services.GetRequiredService<Stores>().FindByNumber(number) is not { } store)
            return await Refuse(1, $"There is no store with the number '{number}'; 'store' lists them.");
        var of = purpose == "till" ? PinPurpose.TillSignIn : PinPurpose.Refund;
        var pin = Pins.Draw(of);
        if (!await services.GetRequiredService<Pins>().Set(store.Id, of, pin))
            return await Refuse(1, "The PIN was not set; try again.");
        Print("Store", $"{store.Name} ({store.Number})");
        Print(of == PinPurpose.TillSignIn ? "Till PIN" : "Refund PIN", pin);
        return 0;
    }

    static async Task<int> List(Stores stores)
    {
        for (var (after, more) = (Guid.Empty, true); more;)
        {
            var some = await stores.List(Page, after);
            foreach (var store in some)
                Console.WriteLine($"{store.Number}  {Id.Format(Id.Merchant, store.Merchant)}  {store.Name}  {store.Area}".TrimEnd());
            more = some.Count == Page;
            after = more ? some[^1].Id : after;
        }
        return 0;
    }

    static string Why(OpenRefusal refusal) => refusal switch
    {
        OpenRefusal.InvalidName => "A store and a merchant have a name on one line, of visible characters.",
        OpenRefusal.InvalidCategory => $"There is no such category. There are: {string.Join(", ", Trade.All.Order(StringComparer.Ordinal))}.",
        OpenRefusal.InvalidAddress => "Area, station and address are a line each, at most 120 characters.",
        OpenRefusal.InvalidPostalCode => "A postal code has seven digits.",
        OpenRefusal.NotFound => "There is no such merchant; 'store' lists the stores with theirs.",
        _ => $"It was refused: {refusal}.",
    };

    static void Print(string what, string value) => Console.WriteLine($"{what,-11}{value}");

    static async Task<int> Refuse(int code, string words)
    {
        await Console.Error.WriteLineAsync(words);
        return code;
    }
}
