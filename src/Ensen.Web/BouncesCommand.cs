using System.Data.Common;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Web;

/// <summary><c>bounces FILE</c>, <c>bounces -</c>: a mail server hands in what it writes about mail that it could not deliver (docs/operating/mail.md).</summary>
static class BouncesCommand
{
    public const string Name = "bounces";

    /// <summary>A mail server that hands a letter over by a pipe tries again when it reads this (EX_TEMPFAIL), and returns the letter at any other fault.</summary>
    const int TryLater = 75;

    public static async Task<int> Run(IServiceProvider services, IReadOnlyList<string> words)
    {
        if (words is not [var file])
            return Say(2, "bounces FILE, or bounces - to read the letter from the standard input.");
        try
        {
            using var letter = await Read(file);
            if (letter is null || DeliveryReport.Read(letter, services.GetRequiredService<MailIds>()) is not { } returned)
                return Say(0, "Nothing kept: this says of no mail of ours that it will not be delivered.");
            await services.GetRequiredService<DatabaseClock>().Load(services.GetRequiredService<Database>());
            await services.GetRequiredService<MailBounces>().Keep(returned.Mail.AddressHash, returned.Code);
            return Say(0, $"Mail {Id.Bare(returned.Mail.Id)} came back: {returned.Code}.");
        }
        catch (Exception e) when (e is DbException or UnusableDatabaseException)
        {
            return Say(TryLater, $"The database cannot be used now: {e.Message}");
        }
    }

    /// <summary>Null for what is too long to be about a mail of ours.</summary>
    static async Task<Stream?> Read(string file)
    {
        await using var from = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        var letter = new MemoryStream();
        var buffer = new byte[81_920];
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            letter.Write(buffer, 0, read);
            if (letter.Length > DeliveryReport.MostBytes)
                return null;
        }
        letter.Position = 0;
        return letter;
    }

    static int Say(int code, string words)
    {
        (code == 0 ? Console.Out : Console.Error).WriteLine(words);
        return code;
    }
}
