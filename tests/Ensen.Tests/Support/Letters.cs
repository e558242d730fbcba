namespace Ensen.Tests.Support;

/// <summary>What mail servers write to the sender of a mail that they could not deliver, in the form of RFC 3464.</summary>
static class Letters
{
    /// <param name="name">The mail's Message-ID without brackets.</param>
    /// <param name="group">The lines about the recipient.</param>
    /// <param name="envelope">Whether the report names the mail by its envelope id; else it returns the mail's headers.</param>
    public static string Report(
        string name, string group =
            "Final-Recipient: rfc822; aoi@example.jp\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user",
        bool envelope = false, string returned = "text/rfc822-headers") =>
        $"""
        Return-Path: <>
        From: MAILER-DAEMON@mx.example.jp (Mail Delivery System)
        To: bounces@ensen.example
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
          boundary="4Xb2c/mx.example.jp"

        --4Xb2c/mx.example.jp
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.

        --4Xb2c/mx.example.jp
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.jp
        {(envelope ? $"Original-Envelope-Id: {name}\n" : "")}Arrival-Date: Sat, 28 Nov 2026 15:30:00 +0900 (JST)

        {group}

        --4Xb2c/mx.example.jp
        Content-Description: Undelivered Message
        Content-Type: {returned}

        From: Ensen <pay@ensen.example>
        To: aoi@example.jp
        Subject: hello
        {(envelope ? "X-Nothing: here" : $"Message-ID: <{name}@ensen.example>")}
        {(returned == "message/rfc822" ? "\nThe text.\n" : "")}
        --4Xb2c/mx.example.jp--

        """.ReplaceLineEndings("\r\n");

    public const string HolidayReply =
        """
        From: aoi@example.jp
        To: bounces@ensen.example
        Subject: On holiday
        Auto-Submitted: auto-replied
        Content-Type: text/plain

        I am at the sea. Action: failed, Status: 5.1.1
        """;
}
