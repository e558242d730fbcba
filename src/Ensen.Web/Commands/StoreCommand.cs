using System.CommandLine;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Staff;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>store</c>, <c>store add NAME</c>, <c>store owner MERCHANT NAME</c>, <c>store pin NUMBER</c>: how whoever runs an installation opens
/// its stores and lets their owners in
/// (docs/operating/stores.md).
/// </summary>
static class StoreCommand
{
    const int Page = 1_000;

    static readonly Argument<string> s_name = new("NAME") { Description = "the store's name; several words in quotes" };
    static readonly Argument<string> s_number = new("NUMBER") { Description = "the store's eight digits" };
    static readonly Option<string?> s_merchant = Line("--merchant", "NAME",
        "its merchant's name, or mer_… of one that has stores; else the store's name");
    static readonly Option<string?> s_area = Line("--area", "AREA", "where it is, 梅田");
    static readonly Option<string?> s_station = Line("--station", "STATION", "the nearest station");
    static readonly Option<string?> s_address = Line("--address", "ADDRESS", "its address");
    static readonly Option<string?> s_postalCode = Line("--postal-code", "CODE", "seven digits");
    static readonly Option<string?> s_category = Line("--category", "WORD",
        "what it deals in, bakery; a wrong one is answered with all of them");
    static readonly Option<string?> s_latinName = Line("--latin-name", "NAME", "its name in Latin letters, for codes and statements");
    static readonly Argument<string> s_whose = new("MERCHANT") { Description = "mer_…, as 'store' lists it" };
    static readonly Argument<string> s_person = new("NAME") { Description = "the owner's name; several words in quotes" };
    static readonly Option<string?> s_owner = Line("--owner", "NAME", "the name of a new merchant's first owner; else the merchant's name");
    static readonly Option<bool> s_refund = new("--refund") { Description = "the PIN to refund, not that of the till" };

    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command("store", "The stores: number, merchant, name, area. docs/operating/stores.md.")
        {
            Adding(),
            Owner(),
            NewPin(),
        };
        command.SetAction(async (_, _) => await List((await WorkingBooks.Open(compose, "store")).GetRequiredService<Stores>()));
        return command;

        Command Adding()
        {
            var adding = new Command(
                "add", "Opens a store and prints the number and the PINs that sign its till in. PINs are printed once and kept as hashes.")
            {
                s_name, s_merchant, s_area, s_station, s_address, s_postalCode, s_category, s_latinName, s_owner,
            };
            adding.SetAction(async (asked, ct) => await Add(
                await WorkingBooks.Open(compose, "store add"), RequestOf(asked), asked.GetValue(s_owner), ct));
            return adding;
        }

        Command Owner()
        {
            var owner = new Command("owner", "Invites an owner to a merchant's desk and prints a link that is used once.")
            { s_whose, s_person };
            owner.SetAction(async (asked, ct) => await AddOwner(await WorkingBooks.Open(compose, "store owner"),
                Id.TryParse(asked.GetRequiredValue(s_whose), out MerchantId merchant) ? merchant : default,
                asked.GetRequiredValue(s_person), ct));
            return owner;
        }

        Command NewPin()
        {
            var pin = new Command("pin", "Makes a new PIN for a store's till and prints it. It signs no till out.") { s_number, s_refund };
            pin.SetAction(async (asked, ct) => await MakePin(
                await WorkingBooks.Open(compose, "store pin"), asked.GetRequiredValue(s_number), asked.GetValue(s_refund)
                    ? PinPurpose.Refund : PinPurpose.TillSignIn, ct));
            return pin;
        }
    }

    static Option<string?> Line(string name, string value, string does) => new(name) { HelpName = value, Description = does };

    static OpenStoreRequest RequestOf(ParseResult asked)
    {
        var (name, merchant) = (asked.GetRequiredValue(s_name), asked.GetValue(s_merchant));
        var known = Id.TryParse(merchant, out MerchantId id);
        return new OpenStoreRequest(
            known ? "" : merchant ?? name, name, asked.GetValue(s_area) ?? "", asked.GetValue(s_station) ?? "", asked.GetValue(s_category)
                ?? MerchantCategory.Other,
            asked.GetValue(s_address) ?? "", asked.GetValue(s_postalCode) ?? "0000000", asked.GetValue(s_latinName),
            TillPin: Pins.Draw(PinPurpose.TillSignIn), RefundPin: Pins.Draw(PinPurpose.Refund), Merchant: known ? id : null);
    }

    static async Task<int> Add(IServiceProvider services, OpenStoreRequest request, string? owner, CancellationToken ct)
    {
        var answer = await services.GetRequiredService<OpenStore>().Run(request, ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, Why(answer.Refusal));
        var (opened, origin) = (answer.Value, services.GetRequiredService<Programme>().Origin);
        Print("Store", $"{opened.Store.Name} ({opened.Store.Id})");
        Print("Merchant", opened.Store.Merchant.ToString());
        Print("Number", opened.Store.Number);
        Print("Till PIN", request.TillPin!);
        Print("Refund PIN", request.RefundPin!);
        Print("Tag", $"{origin}/t/{opened.TagId}");
        Print("Till", $"{origin}/till/sign-in");
        Console.WriteLine("The PINs are shown only now: kept are their hashes. 'store pin NUMBER' makes a new one.");
        return request.Merchant is null ? await AddOwner(services, opened.Store.Merchant, owner ?? request.MerchantName, ct) : 0;
    }

    static async Task<int> AddOwner(IServiceProvider services, MerchantId merchant, string name, CancellationToken ct)
    {
        var answer = await services.GetRequiredService<InviteToShop>().Run(
            new InviteToShopRequest(new ActingShop(merchant, null, ActedThrough.Command), name, ShopRole.Owner, []), ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, answer.Refusal switch
            {
                InviteToShopRefusal.InvalidRequest => "An owner has a name on one line, of visible characters.",
                InviteToShopRefusal.NotFound => "There is no such merchant; 'store' lists the stores with theirs.",
                var other => $"It was refused: {other}.",
            });
        Print("Owner", $"{name.Trim()} ({answer.Value.Account})");
        Print("Owner link", $"{services.GetRequiredService<Programme>().Origin}/shop/join/{answer.Value.Token}");
        Console.WriteLine($"The link is shown only now, opens once, and until {JapanDay.InTokyo(answer.Value.Until):yyyy-MM-dd HH:mm}. Whoever has it becomes this owner.");
        return 0;
    }

    static async Task<int> MakePin(IServiceProvider services, string number, PinPurpose purpose, CancellationToken ct)
    {
        if (await services.GetRequiredService<Stores>().FindByNumber(number, ct) is not { } store)
            return CommandLine.Refuse(1, $"There is no store with the number '{number}'; 'store' lists them.");
        var pin = Pins.Draw(purpose);
        if (!await services.GetRequiredService<Pins>().Set(store.Id, purpose, pin, ct))
            return CommandLine.Refuse(1, "The PIN was not set; try again.");
        Print("Store", $"{store.Name} ({store.Number})");
        Print(purpose == PinPurpose.TillSignIn ? "Till PIN" : "Refund PIN", pin);
        return 0;
    }

    static async Task<int> List(Stores stores)
    {
        for (var (after, more) = (default(StoreId), true); more;)
        {
            var some = await stores.List(Page, after);
            foreach (var store in some)
                Console.WriteLine($"{store.Number}  {store.Merchant}  {store.Name}  {store.Area}".TrimEnd());
            more = some.Count == Page;
            after = more ? some[^1].Id : after;
        }
        return 0;
    }

    static string Why(OpenStoreRefusal refusal) => refusal switch
    {
        OpenStoreRefusal.InvalidName => "A store and a merchant have a name on one line, of visible characters.",
        OpenStoreRefusal.InvalidCategory =>
            $"There is no such category. There are: {string.Join(", ", MerchantCategory.All.Order(StringComparer.Ordinal))}.",
        OpenStoreRefusal.InvalidAddress => "Area, station and address are a line each, at most 120 characters.",
        OpenStoreRefusal.InvalidPostalCode => "A postal code has seven digits.",
        OpenStoreRefusal.NotFound => "There is no such merchant; 'store' lists the stores with theirs.",
        _ => $"It was refused: {refusal}.",
    };

    static void Print(string what, string value) => Console.WriteLine($"{what,-11}{value}");
}
