using Ensen.Basics;
using Ensen.Members;

namespace Ensen.Notices;

/// <summary>The mails, in Japanese and in English. Plain text; a link stands alone on its line.</summary>
public static class MailWords
{
    public static (string Subject, string Body) Of(Telling telling, Programme programme)
    {
        var english = telling.Language == "en";
        return telling.What switch
        {
            Told.ConfirmMail => english ? ConfirmEnglish(telling, programme) : ConfirmJapanese(telling, programme),
            Told.SignedIn => english ? SignedInEnglish(telling, programme) : SignedInJapanese(telling, programme),
            _ => throw new ArgumentOutOfRangeException(nameof(telling), telling.What, "There are no words for this."),
        };
    }

    /// <summary>The page a confirmation mail leads to; it asks before it does anything, since mail programs open links by themselves.</summary>
    public static string ConfirmLink(Programme programme, string token) => $"{programme.Origin}/confirm-mail?token={Uri.EscapeDataString(token)}";

    static (string, string) ConfirmJapanese(Telling telling, Programme programme) => (
        $"【{programme.Name}】メールアドレスの確認",
        $"""
        {telling.Name} 様

        {programme.Name} にご登録いただきありがとうございます。
        次のページを開いて、メールアドレスをご確認ください({programme.Membership.MailLinkHours} 時間有効、1 回限り)。

        {ConfirmLink(programme, telling.Token!)}

        お心当たりのない場合は、同じページの「登録していません」を選んでください。このアドレスの登録が取り消されます。
        """);

    static (string, string) ConfirmEnglish(Telling telling, Programme programme) => (
        $"{programme.Name}: please confirm your e-mail address",
        $"""
        Dear {telling.Name},

        Thank you for joining {programme.Name}.
        Please open this page to confirm your e-mail address (once, within {programme.Membership.MailLinkHours} hours):

        {ConfirmLink(programme, telling.Token!)}

        If you did not register, choose "I did not register" on the same page, and this address is released.
        """);

    static (string, string) SignedInJapanese(Telling telling, Programme programme) => (
        $"【{programme.Name}】新しい端末でサインインしました",
        $"""
        {telling.Name} 様

        {telling.Device} から {programme.Name} にサインインがありました。

        ご自身でない場合は、「安全」のページからその端末をサインアウトし、パスワードを変更してください。

        {programme.Origin}/safety
        """);

    static (string, string) SignedInEnglish(Telling telling, Programme programme) => (
        $"{programme.Name}: a new device signed in",
        $"""
        Dear {telling.Name},

        {telling.Device} has signed in to {programme.Name}.

        If that was not you, sign the device out on the page "Safety" and change your password.

        {programme.Origin}/safety
        """);
}
