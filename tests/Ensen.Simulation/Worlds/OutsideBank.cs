using System.Globalization;
using System.Text;
using Ensen.Formats;
using Ensen.Gateways;

namespace Ensen.Simulation.Worlds;

/// <summary>The bank that pays merchants out: it takes a file once by its number, pays its lines or not, and lets paid ones come back.</summary>
sealed partial class OutsideWorld
{
    readonly SortedDictionary<Guid, FileOfPayOuts> _files = [];

    /// <summary>What the bank has paid out and not taken back, by its own books.</summary>
    public long PaidOut => _files.Values.Sum(f => Lines(f.Text).Zip(f.Codes).Where(l => l.Second == '0').Sum(l => l.First));

    /// <summary>
    /// A receiving bank sends back within a month of the day that stood on the file, however far clocks were moved meanwhile.
    /// </summary>
    public void LetSomethingComeBack(DateTimeOffset latest)
    {
        foreach (var file in _files.Values.Where(f => f.AnswersAt <= Now && f.SentOn > latest - TimeSpan.FromDays(30)))
            for (var i = 0; i < file.Codes.Length; i++)
                if (file.Codes[i] == '0' && chance.Next(12) == 0)
                    file.Codes[i] = '9';
    }

    sealed record FileOfPayOuts(string Text, char[] Codes, DateTimeOffset AnswersAt, DateTimeOffset SentOn);

    static IEnumerable<long> Lines(string text) => text.Split("\r\n").Where(r => r.StartsWith('2'))
        .Select(r => long.Parse(r.AsSpan(80, 10), NumberStyles.None, CultureInfo.InvariantCulture));

    PayOutStanding Standing(Guid id, Reply reply) =>
        reply.Kind == ReplyKind.Accepted && _files.TryGetValue(id, out var file) && file.AnswersAt <= Now
            ? new PayOutStanding(reply, ZenginFile.Bytes(ZenginAnswer.Write(file.Text, [.. file.Codes.Select(c => c - '0')])))
            : new PayOutStanding(reply);

    sealed partial class Wire : IPayOutBank
    {
        public async Task<PayOutStanding> Send(PayOutOrder order, CancellationToken ct)
        {
            await Place.Yield();
            var text = new StringBuilder();
            foreach (var b in order.File)
                text.Append(b >= 0xA1 ? (char)(b - 0xA1 + 0xFF61) : (char)b);
            var (file, knows) = (text.ToString(), world._requests.ContainsKey((Gateway.PayOuts, order.FileId)));
            try
            {
                return world.Standing(order.FileId, await world.Do(Gateway.PayOuts, order.FileId, Lines(file).Sum()));
            }
            finally
            {
                if (!knows && world._requests.TryGetValue((Gateway.PayOuts, order.FileId), out var taken) && taken.Accepted)
                    world._files.TryAdd(order.FileId, new FileOfPayOuts(file, [.. Lines(file).Select(_ => world.Draw())],
                        world.Now + TimeSpan.FromMinutes(world.Pick(200)), node.Clock.GetUtcNow()));
            }
        }

        async Task<PayOutStanding> IPayOutBank.Ask(Guid fileId, CancellationToken ct)
        {
            await Place.Yield();
            return world.Standing(fileId, world.Ask(Gateway.PayOuts, fileId));
        }

        void IPayOutBank.WhenNews(NewsOfRequest hear) => world._listeners.Add((Gateway.PayOuts, node, hear));
    }

    char Draw() => chance.Next(6) == 0 ? '1' : '0';

    int Pick(int below) => chance.Next(below);
}
