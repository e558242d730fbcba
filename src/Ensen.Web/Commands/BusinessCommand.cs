using System.CommandLine;
using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Merchants;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>business open NAME</c>: how whoever runs an installation opens the account of a company, with or without stores; its first two people
/// come by <c>store owner</c> (docs/operating/stores.md).
/// </summary>
static class BusinessCommand
{
    static readonly Argument<string> s_name = new("NAME")
    {
        Description = "the company's name, several words in quotes; or mer_… of a merchant that has stores",
    };

    public static Command From(Func<WebApplication> compose)
    {
        var open = new Command("open", "Opens the account of a company and prints its number, to which it pays in.") { s_name };
        open.SetAction(async (asked, ct) => await Open(
            await WorkingBooks.Open(compose, "business open"), asked.GetRequiredValue(s_name), ct));
        return new Command("business", "The accounts of companies. docs/operating/stores.md.") { open };
    }

    static async Task<int> Open(IServiceProvider services, string name, CancellationToken ct)
    {
        var request = Id.TryParse(name, out MerchantId merchant) ? new OpenBusinessRequest(null, merchant) : new OpenBusinessRequest(name);
        var answer = await services.GetRequiredService<OpenBusiness>().Run(request, ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, answer.Refusal switch
            {
                OpenBusinessRefusal.InvalidName => "A company has a name on one line, of visible characters.",
                OpenBusinessRefusal.NotFound => "There is no such merchant; 'store' lists the stores with theirs.",
                _ => "This merchant has an account.",
            });
        Console.WriteLine($"Company    {answer.Value.Name} ({answer.Value.Id})");
        Console.WriteLine($"Merchant   {answer.Value.Merchant}");
        Console.WriteLine($"Number     {answer.Value.Number}");
        Console.WriteLine(
            $"'store owner {answer.Value.Merchant} NAME' lets its people in, one after the other: two whom it lets in are two people.");
        return 0;
    }
}
