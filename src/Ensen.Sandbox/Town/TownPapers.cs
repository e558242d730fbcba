using Ensen.Basics;
using Ensen.Identity;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Sandbox.Town;

/// <summary>
/// Verifications of the town that are under way or came to nothing, so that the queue and the members' pages have something in every state.
/// Nothing of it is done where the program keeps no papers.
/// </summary>
static class TownPapers
{
    static readonly (string Mail, string Kana, string BornOn, bool SendsPictures)[] s_all =
    [
        ("sakaguchi", "サカグチ レン", "2004-10-02", true),
        ("imai", "イマイ ソウ", "2010-02-11", true),
        ("shimada", "シマダ シゲル", "1951-07-30", false),
    ];

    public static async Task Bring(TownFeatures features, IEnumerable<(Resident Who, Payer Payer)> people, CancellationToken ct)
    {
        if (!features.KeepsPapers)
            return;
        foreach (var (mail, kana, bornOn, sendsPictures) in s_all)
        {
            var (who, payer) = people.First(p => p.Who.Mail == mail);
            var details = new PersonalDetails(who.Name, kana, bornOn, $"大阪市{who.Home}1-2-3");
            var key = IdempotencyKey.Of(payer.MemberId, "town papers", mail);
            var begun = await features.BeginVerification.Run(
                new BeginVerificationRequest(payer.MemberId, features.Programme.Identity.Image.Code, details, key), ct);
            // Ended already where the method has: the town is made on any day.
            if (!begun.Accepted || !sendsPictures)
                continue;
            foreach (var side in AddEvidence.Needed)
                await features.AddEvidence.Run(
                    new AddEvidenceRequest(payer.MemberId, begun.Value.Id, side, SpecimenPicture.Draw(side)), ct);
        }
    }
}
