using System.CommandLine;
using System.Data.Common;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>bounces FILE</c>, <c>bounces -</c>: a mail server hands in what it writes about mail that it could not deliver
/// (docs/operating/mail.md).
/// </summary>
static class BouncesCommand
{
    /// <summary>
    /// A mail server that hands a letter over by a pipe tries again when it reads this (EX_TEMPFAIL), and returns the letter at any other
    /// fault.
    /// </summary>
    const int TryLater = 75;

    static readonly Argument<string> s_letter = new("FILE") { Description = "the letter; - reads it from the standard input" };

    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command(
            "bounces",
            "Reads what a mail server writes when it cannot deliver a mail: the member is told on their page, and a dead mailbox gets nothing more. "
            + $"Ends with 0 whatever the letter says, with {TryLater} when it should be handed in again later. docs/operating/mail.md.") { s_letter };
        command.SetAction(async (asked, ct) =>
        {
            using var letter = await Read(asked.GetRequiredValue(s_letter), ct);
            try
            {
                var services = await WorkingBooks.Open(compose, command.Name);
                Console.WriteLine(await Keep(services, letter, ct) is { } returned
                    ? $"Mail {Id.Bare(returned.Mail.Id)} came back: {returned.Code}."
                    : "Nothing kept: this says of no mail of ours that it will not be delivered.");
                return 0;
            }
            catch (Exception e) when (e is DbException or UnusableDatabaseException or NotAskedException)
            {
                return CommandLine.Refuse(TryLater, CommandLine.Explain(e)!);
            }
        });
        return command;
    }

    static async Task<ReturnedMail?> Keep(IServiceProvider services, Stream letter, CancellationToken ct)
    {
        if (DeliveryReport.Read(letter, services.GetRequiredService<MailIds>()) is not { } returned)
            return null;
        await services.GetRequiredService<MailBounces>().Keep(returned.Mail.AddressHash, returned.Code, ct);
        return returned;
    }

    /// <summary>What is too long to be about a mail of ours is cut off, and then says nothing.</summary>
    static async Task<MemoryStream> Read(string file, CancellationToken ct)
    {
        await using var from = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        var letter = new MemoryStream();
        var buffer = new byte[81_920];
        // To its end, all the same: a mail server whose pipe closes early takes that for a failure.
        while (await from.ReadAsync(buffer, ct) is > 0 and var read)
            if (letter.Length <= DeliveryReport.MostBytes)
                letter.Write(buffer, 0, read);
        letter.Position = 0;
        return letter;
    }
}
