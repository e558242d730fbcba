using Ensen.Basics;
using Ensen.Identity;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Sandbox.Town;

/// <summary>
/// Pictures that people of the town have sent: they wait in the queue, until two persons judge them (<see cref="TownStates"/>). Nothing of
/// it is done where the program keeps no papers.
/// </summary>
static class TownPapers
{
    static readonly (string Mail, string Kana, string BornOn)[] s_all =
    [
        ("sakaguchi", "サカグチ レン", "2004-10-02"),
        ("imai", "イマイ ソウ", "2010-02-11"),
        ("shimada", "シマダ シゲル", "1951-07-30"),
        ("sofia", "ロッシ ソフィア", "1996-04-09"),
    ];

    public static async Task Bring(TownFeatures features, IEnumerable<(Resident Who, Payer Payer)> people, CancellationToken ct)
    {
        if (!features.KeepsPapers)
            return;
        foreach (var (mail, kana, bornOn) in s_all)
        {
            var (who, payer) = people.First(p => p.Who.Mail == mail);
            var details = new PersonalDetails(who.Name, kana, bornOn, $"大阪市{who.Home}1-2-3");
            var key = IdempotencyKey.Of(payer.MemberId, "town papers", mail);
            var begun = await features.BeginVerification.Run(
                new BeginVerificationRequest(payer.MemberId, features.Programme.Identity.Image.Code, details, key), ct);
            // Ended already where the method has: the town is made on any day.
            if (!begun.Accepted)
                continue;
            foreach (var side in AddEvidence.Needed)
                await features.AddEvidence.Run(
                    new AddEvidenceRequest(payer.MemberId, begun.Value.Id, side, SpecimenPicture.Draw(side)), ct);
        }
    }
}
