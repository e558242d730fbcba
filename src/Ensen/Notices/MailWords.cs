using System.Globalization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;

namespace Ensen.Notices;

/// <summary>
/// What a member is told, as a mail in the member's language: which template it is (<see cref="MailTemplates"/>), and the values of its
/// places. Plain text; a link stands alone on its line.
/// </summary>
public static class MailWords
{
    public static (string Subject, string Body) Of(Notice notice, Programme programme)
    {
        var values = new Dictionary<string, string> { ["programme"] = programme.Name, ["name"] = notice.Name };
        switch (notice.What)
        {
            case NoticeKind.ConfirmMail:
                values["link"] = ConfirmLink(programme, notice.Token!);
                values["hours"] = Language.Number(programme.Membership.MailLinkHours);
                break;
            case NoticeKind.ResetPassword:
                values["link"] = ResetLink(programme, notice.Token!);
                values["minutes"] = Language.Number(programme.Membership.ResetLinkMinutes);
                break;
            case NoticeKind.SignedIn:
                values["when"] = When(notice);
                values["device"] = notice.Device!;
                values["link"] = $"{programme.Origin}/safety";
                break;
            case NoticeKind.PointsLapse or NoticeKind.PointsGiven:
                values["day"] = DayOf(notice);
                values["points"] = Language.Number(notice.Points!.Value);
                values["link"] = $"{programme.Origin}/points";
                break;
            case NoticeKind.MoneyAsked:
                values["link"] = $"{programme.Origin}/requests";
                break;
            case NoticeKind.CapsRaised:
                values["when"] = When(notice);
                values["link"] = $"{programme.Origin}/account/limits";
                break;
            case NoticeKind.Frozen or NoticeKind.Thawed or NoticeKind.PasswordChanged or NoticeKind.PasswordReset
                or NoticeKind.DeviceCopied:
                values["when"] = When(notice);
                values["device"] = notice.Device!;
                values["link"] = $"{programme.Origin}/safety";
                break;
            case NoticeKind.RecoveryBegun:
                values["when"] = When(notice);
                values["link"] = $"{programme.Origin}/recovery/stop?token={Uri.EscapeDataString(notice.Token!)}";
                break;
            case NoticeKind.RecoveryLink:
                values["when"] = When(notice);
                values["link"] = ResetLink(programme, notice.Token!);
                break;
            case NoticeKind.RecoveryEnded:
                values["when"] = When(notice);
                values["link"] = $"{programme.Origin}/sign-in";
                break;
            case NoticeKind.Recovered:
                values["when"] = When(notice);
                values["device"] = notice.Device!;
                values["link"] = $"{programme.Origin}/safety";
                break;
            case NoticeKind.DeviceThrownOut:
                values["when"] = When(notice);
                values["device"] = notice.Device!;
                values["link"] = $"{programme.Origin}/safety";
                break;
            case NoticeKind.PasskeyThrownOut:
                values["when"] = When(notice);
                values["passkey"] = notice.Passkey!;
                values["link"] = $"{programme.Origin}/account/passkeys";
                break;
            case NoticeKind.PasskeyAdded or NoticeKind.PasskeyRemoved:
                values["when"] = When(notice);
                values["device"] = notice.Device!;
                values["passkey"] = notice.Passkey!;
                values["link"] = $"{programme.Origin}/account/passkeys";
                break;
            case NoticeKind.PasskeyCopied:
                values["when"] = When(notice);
                values["device"] = notice.Device!;
                values["link"] = $"{programme.Origin}/account/passkeys";
                break;
            case NoticeKind.MailChangeAsked:
                values["when"] = When(notice);
                values["device"] = notice.Device!;
                values["hours"] = Language.Number((long)ChangeMail.UndoFor.TotalHours);
                values["link"] = $"{programme.Origin}/change-mail/undo?token={Uri.EscapeDataString(notice.Token!)}";
                break;
            case NoticeKind.ConfirmNewMail:
                values["link"] = $"{programme.Origin}/change-mail?token={Uri.EscapeDataString(notice.Token!)}";
                values["hours"] = Language.Number(programme.Membership.MailLinkHours);
                break;
            case NoticeKind.TelephoneChanged:
                values["when"] = When(notice);
                values["device"] = notice.Device!;
                values["hours"] = Language.Number(programme.Membership.TelephoneChangeHours);
                values["link"] = $"{programme.Origin}/safety";
                break;
            case NoticeKind.AddressRegistered:
                values["when"] = When(notice);
                values["link"] = $"{programme.Origin}/sign-in";
                break;
            case NoticeKind.AuthenticatorSet or NoticeKind.AuthenticatorRemoved or NoticeKind.RecoveryCodesMade
                or NoticeKind.RecoveryCodeUsed:
                values["when"] = When(notice);
                values["device"] = notice.Device!;
                values["link"] = $"{programme.Origin}/account/factors";
                break;
            case NoticeKind.IdentityVerified or NoticeKind.IdentityRejected or NoticeKind.IdentityLapsed or NoticeKind.IdentityDue:
                values["link"] = $"{programme.Origin}/account/verify";
                break;
            case NoticeKind.IdentityRecheck:
                var language = Languages.Nearest(notice.Language);
                values["day"] = language.Write(JapanDay.Of(notice.At!.Value), language.WholeDay);
                values["link"] = $"{programme.Origin}/account/verify";
                break;
            case NoticeKind.CardTried or NoticeKind.CardRevoked:
                values["when"] = When(notice);
                values["card"] = notice.Account!;
                values["link"] = $"{programme.Origin}/point-cards";
                break;
            case NoticeKind.BankLinked or NoticeKind.BankUnlinked or NoticeKind.BankTried:
                values["when"] = When(notice);
                values["account"] = notice.Account!;
                values["link"] = $"{programme.Origin}/account/bank";
                break;
            case NoticeKind.WithdrawalAsked or NoticeKind.WithdrawalPaid or NoticeKind.WithdrawalReturned:
                values["when"] = When(notice);
                values["account"] = notice.Account!;
                values["yen"] = Language.Number(notice.Yen!.Value);
                values["link"] = $"{programme.Origin}/withdraw";
                break;
            case NoticeKind.AutoCharged:
                values["when"] = When(notice);
                values["account"] = notice.Account!;
                values["yen"] = Language.Number(notice.Yen!.Value);
                values["link"] = $"{programme.Origin}/charge/auto";
                break;
            case NoticeKind.AutoChargeSet or NoticeKind.AutoChargeChanged:
                values["when"] = When(notice);
                values["account"] = notice.Account!;
                values["below"] = Language.Number(notice.Terms!.Below);
                values["yen"] = Language.Number(notice.Terms.Amount);
                values["month"] = Language.Number(notice.Terms.PerMonth);
                values["link"] = $"{programme.Origin}/charge/auto";
                break;
            case NoticeKind.AutoChargeStopped or NoticeKind.AutoChargeOff:
                values["when"] = When(notice);
                values["link"] = $"{programme.Origin}/charge/auto";
                break;
            case NoticeKind.ShopApplied or NoticeKind.ShopAsked or NoticeKind.ShopApproved or NoticeKind.ShopRefused:
                values["link"] = notice.What == NoticeKind.ShopRefused ? $"{programme.Origin}/join-as-shop"
                    : $"{programme.Origin}/join-as-shop/application?token={Uri.EscapeDataString(notice.Token!)}";
                values["reason"] = notice.Reason ?? "";
                break;
            case NoticeKind.ShopJoined:
                values["link"] = $"{programme.Origin}/shop/join/{Uri.EscapeDataString(notice.Token!)}";
                break;
            case NoticeKind.Left:
                values["when"] = When(notice);
                values["link"] = $"{programme.Origin}/register";
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(notice), notice.What, "There is no mail for this.");
        }
        return MailTemplates.Render(FileOf(notice.What), Languages.Nearest(notice.Language), values);
    }

    /// <summary>What a member was told, in a line for people; as it is kept (<see cref="SentNotice"/>).</summary>
    public static string About(SentNotice sent, string language) => Enum.TryParse(sent.What, out NoticeKind what)
        && MailTemplates.About(FileOf(what), Languages.Nearest(language)) is { } about ? about : sent.What;

    /// <summary>
    /// The page a confirmation mail leads to; it asks before it does anything, since mail programs open links by themselves.
    /// </summary>
    public static string ConfirmLink(Programme programme, string token) =>
        $"{programme.Origin}/confirm-mail?token={Uri.EscapeDataString(token)}";

    /// <summary>The page that the mail of a forgotten password leads to; it, too, does nothing by being opened.</summary>
    public static string ResetLink(Programme programme, string token) =>
        $"{programme.Origin}/sign-in/reset?token={Uri.EscapeDataString(token)}";

    /// <summary>2026年11月21日(土) 10:15: the day and the minute in Japan.</summary>
    static string When(Notice notice)
    {
        var (language, at) = (Languages.Nearest(notice.Language), notice.At!.Value);
        return $"{language.Write(JapanDay.Of(at), language.WholeDay)} {JapanDay.InTokyo(at).ToString("HH:mm", CultureInfo.InvariantCulture)}";
    }

    /// <summary>2026年11月21日(土): the day in Japan.</summary>
    static string DayOf(Notice notice)
    {
        var language = Languages.Nearest(notice.Language);
        return language.Write(JapanDay.Of(notice.At!.Value), language.WholeDay);
    }

    /// <summary>The name of a mail's files: <c>signed-in</c> for <see cref="NoticeKind.SignedIn"/>.</summary>
    internal static string FileOf(NoticeKind what) =>
        string.Concat(what.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
