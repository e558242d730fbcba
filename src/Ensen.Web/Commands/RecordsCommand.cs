using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>records make-key FILE</c>, <c>records open MEMBER --key FILE</c>: what the law wants kept of members who have left
/// (docs/operating/records.md).
/// </summary>
static class RecordsCommand
{
    static readonly JsonSerializerOptions s_readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    static readonly Argument<string> s_file = new("FILE") { Description = "a new file for the private half; keep it in a safe, and on no node" };
    static readonly Argument<string> s_member = new("MEMBER") { Description = "whose: mbr_…" };
    static readonly Option<string> s_key = new("--key") { HelpName = "FILE", Required = true, Description = "the private half of the key" };
    static readonly Option<string> s_reason = new("--reason")
    { HelpName = "TEXT", Required = true, Description = "why, in a line; it stands in the log of operators" };
    static readonly Option<string> s_by = NamedOperator.Option();

    public static Command From(Func<WebApplication> compose)
    {
        var making = new Command(
            "make-key", $"Makes a pair: the private half into FILE, the public one, for {RecordsKey.Setting.Name}, on the screen.") { s_file };
        making.SetAction((asked, ct) => Make(asked.GetRequiredValue(s_file), ct));
        var opening = new Command("open", "Shows the record of a member who has left, and writes into the log of operators that it was opened.")
        { s_member, s_key, s_reason, s_by };
        opening.SetAction(async (asked, ct) => await Open(await WorkingBooks.Open(compose, "records open"), asked, ct));
        return new Command(
            "records", "What the law wants kept of verified members who have left, sealed to a key that is on no node. docs/operating/records.md.")
        { making, opening };
    }

    static async Task<int> Make(string file, CancellationToken ct)
    {
        if (File.Exists(file))
            return CommandLine.Refuse(1, $"{file} is there already: a key that is overwritten opens nothing any more.");
        var (open, pem) = RecordsKey.MakePair();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var written = new FileStream(file, options))
        await using (var writer = new StreamWriter(written))
            await writer.WriteAsync(pem.AsMemory(), ct);
        Console.WriteLine($"Key      {RecordsKey.NameOfPair(pem)}");
        Console.WriteLine($"Setting  {RecordsKey.Setting.Name}={open}");
        return 0;
    }

    static async Task<int> Open(IServiceProvider services, ParseResult asked, CancellationToken ct)
    {
        var (member, file) = (asked.GetRequiredValue(s_member), asked.GetRequiredValue(s_key));
        if (!Id.TryParse(member, out MemberId id))
            return CommandLine.Refuse(1, $"'{member}' is no member's number.");
        if (!File.Exists(file))
            return CommandLine.Refuse(1, $"There is no file {file}.");
        var answer = await services.GetRequiredService<OpenRecord>().Run(new OpenRecordRequest(
            id, await File.ReadAllTextAsync(file, ct), asked.GetRequiredValue(s_reason),
            await NamedOperator.Find(services, asked.GetRequiredValue(s_by), ct)), ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, await Why(services, answer.Refusal, id, ct));
        Console.WriteLine(JsonSerializer.Serialize(answer.Value, s_readable));
        return 0;
    }

    static async Task<string> Why(IServiceProvider services, OpenRecordRefusal refusal, MemberId member, CancellationToken ct) =>
        refusal switch
        {
            OpenRecordRefusal.Forbidden => NamedOperator.MayNot(OperatorRoles.Identity),
            OpenRecordRefusal.InvalidRequest => "The reason is a line of at most 200 characters.",
            OpenRecordRefusal.NotFound => "No record is kept of such a member.",
            _ => $"That is not the key: the record is sealed to {(await services.GetRequiredService<FormerMembers>().Find(member, ct))?.RecordKey}.",
        };
}
