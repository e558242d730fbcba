using System.Reflection;

namespace Ensen.Tests.Attacks;

/// <summary>
/// The attacks on accounts and on the web that the product has to bear, each with what comes of it and the tests that hold it. Numbers
/// that are not here wait for what they attack: 53, 55 and 57 to 60 for cards, 90 for partners' sign-in.
/// </summary>
public class AttackList
{
    // Number, attack, what comes of it; then the tests that hold it, a line each, indented. A class that ends with .* holds it as a whole.
    const string List =
        """
        41 a new password is asked for to another address: the field is refused or ignored, and logged
          AccountAttacksTests.A_new_password_asked_for_with_another_address_is_mailed_to_the_confirmed_one_alone
        42 a reset by somebody who knows address, birthday and telephone: only the mailbox gets a link, and it is not enough
          ResetPasswordTests.Only_an_address_that_its_owner_confirmed_gets_a_mail_and_everybody_is_answered_the_same
          ResetPasswordTests.A_link_a_call_and_a_new_password_end_every_session_and_the_member_is_told
          ResetPasswordTests.An_authenticator_is_not_passed_by
        43 ten thousand leaked pairs from a thousand addresses: none opens a session, and the owners come in
          LeakedPasswordsTests.Of_ten_thousand_leaked_pairs_none_opens_a_session_and_their_owners_come_in
          LeakedPasswordsTests.A_thousand_addresses_that_guess_at_one_account_are_looked_at_a_few_times
          GuessersKeepNobodyOut.*
        45 a token planted before, or kept from before, signing in, a new password, signing out elsewhere: dead everywhere
          SessionsOnTheWebTests.A_token_planted_before_signing_in_is_worth_nothing_after_it
          SessionsOnTheWebTests.Signing_in_again_ends_the_old_token_on_the_other_node_too_where_it_is_in_use
          SessionsOnTheWebTests.A_browser_signs_in_on_one_node_is_known_on_the_other_and_out_on_both
          PasswordTests.A_password_is_changed_with_a_proof_and_every_other_device_is_signed_out
          PasswordTests.No_sign_in_with_the_old_password_outlives_the_change
          EveryOperationTests.Nobody_but_whom_the_contract_names_is_let_in_and_nothing_is_changed
        46 a million codes, one used again, one of another flow, one after its end
          AccountAttacksTests.A_million_codes_take_more_than_a_year_to_try
          AccountAttacksTests.A_clock_that_jumps_makes_no_challenge_last_longer_and_none_good_twice
          FactorsTests.A_code_is_good_once_and_one_step_before_and_after
          FactorsTests.Guesses_at_codes_are_slowed_down
          SignInTests.Guesses_at_the_second_step_are_slowed_down
          CallTests.A_call_from_the_registered_telephone_passes_its_challenge_once
          CallTests.A_call_that_comes_late_passes_nothing
          CallTests.A_report_is_heard_once
          CallTests.Three_numbers_are_shown_and_then_none_for_a_quarter_of_an_hour
          CallApiTests.A_signed_report_passes_a_challenge_and_a_forged_old_or_repeated_one_does_nothing
        47 a call from a telephone whose number is forged: a call alone raises no cap and links no bank
          CallTests.From_a_new_device_a_call_does_nothing_that_lasts
          SignInTests.On_a_new_device_little_leaves_the_wallet_for_a_day_and_the_device_can_be_thrown_out
        48 the telephone is changed, and then everything is sent away: low caps for three days, and the old ones are told
          ChangeContactTests.A_new_telephone_is_registered_once_it_has_called_and_low_caps_begin
          LowCapsTests.Of_forty_payments_and_transfers_at_once_no_more_than_the_caps_pass
        49 a bank account by somebody who is not verified: refused
          LinkBankAccountTests.Without_a_verified_identity_no_account_is_linked
        50 a bank account of another holder, in all the ways that kana are written
          LinkBankAccountTests.Whose_account_it_is_not_links_nothing
          KanaNameTests.*
        51 one bank account in two wallets: the second is refused, the first owner is told
          LinkBankAccountTests.Of_forty_members_one_gets_the_account_and_is_told_of_the_others
        54 a charge by card without 3-D Secure, or with the result of another purchase
          SandboxCardTests.A_card_is_charged_with_the_proof_of_that_purchase_only
          SandboxCardTests.Without_a_passed_3_D_Secure_there_is_no_proof
        56 a card's number typed into any field: refused, or kept nowhere
          CardNumbersTests.A_card_number_is_kept_nowhere_wherever_it_is_typed
          BadJsonTests.Texts_that_would_break_a_line_a_log_or_a_card_rule_are_refused
        84 another site sends a form, asks by script, or draws a frame around the swipe
          ForgedRequestsTests.Another_site_changes_nothing_with_the_cookies_of_a_browser
          ForgedRequestsTests.A_form_without_its_token_or_with_anothers_changes_nothing
          GuardsTests.Every_answer_forbids_inline_script_frames_and_guessing
        85 script in a shop's name or a note, read by an operator: inert
          GuardsTests.Every_answer_forbids_inline_script_frames_and_guessing
          ScriptInTextsTests.Script_that_people_write_is_text_on_every_page
        86 every role at everything, every store at another's
          EveryOperationTests.Nobody_but_whom_the_contract_names_is_let_in_and_nothing_is_changed
          EveryOperationTests.What_belongs_to_another_is_answered_as_what_there_is_not
          EveryOperationTests.What_one_member_has_proven_is_nothing_for_another
          RightsTests.What_belongs_to_somebody_else_is_not_found
          RefundsNeedThePin.*
          ShopRightsTests.Each_role_sees_what_the_table_says_and_no_other_store
          ShopRightsTests.An_endpoint_that_is_not_for_a_merchants_people_is_closed_to_them
          ShopAccountsTests.What_is_of_another_merchant_is_not_there
        87 an operator approves the own proposal, or by a second account
          FourEyesTests.A_correction_that_one_person_approves_by_forty_accounts_is_not_posted_and_another_person_posts_it
          FourEyesTests.A_restriction_that_forty_accounts_lift_at_once_is_lifted_once
          IdentityApiTests.Two_persons_decide_about_pictures_that_nobody_else_sees
        88 a report of a gateway that is forged, repeated, old, or of another text
          ReportSignatureTests.*
          CallApiTests.A_signed_report_passes_a_challenge_and_a_forged_old_or_repeated_one_does_nothing
          IdentityApiTests.A_signed_report_ends_a_verification_and_a_forged_old_or_repeated_one_does_nothing
        91 a passkey of another site, another account, with a counter that goes back, without its person
          PasskeysOnTheWebTests.A_device_that_lies_signs_nobody_in_and_all_are_told_the_same
          PasskeysOnTheWebTests.Another_accounts_credential_and_a_counter_that_goes_back_are_refused_and_the_latter_is_told
          PasskeysOnTheWebTests.What_we_take_and_refuse_an_outside_judge_takes_and_refuses
          DeskPasskeysTests.An_operator_begins_with_a_passkey_signs_in_by_it_and_never_loses_the_last
          DeskPasskeysTests.A_members_passkey_opens_no_desk
        110 no mail for an hour: payments go on, and notices come later, once and in order
          AccountAttacksTests.An_hour_without_mail_delays_notices_alone_and_each_comes_once_and_in_order
          SignInTests.While_no_mail_can_be_sent_members_sign_in_and_are_told_later_once
        """;

    [Fact]
    public void Every_attack_names_tests_and_each_of_them_is_there()
    {
        var attacks = Read(List);
        attacks.Select(a => a.Number).ShouldBe([41, 42, 43, 45, 46, 47, 48, 49, 50, 51, 54, 56, 84, 85, 86, 87, 88, 91, 110]);
        attacks.Where(a => a.Tests.Count == 0).Select(a => $"{a.Number} is held by nothing").ShouldBeEmpty();
        attacks.SelectMany(a => a.Tests.Where(test => !IsThere(test)).Select(test => $"{a.Number} is held by {test}, which is not there"))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_test_that_is_not_there_is_found()
    {
        IsThere("AttackList.Every_attack_names_tests_and_each_of_them_is_there").ShouldBeTrue();
        IsThere("AttackList.*").ShouldBeTrue();
        IsThere("AttackList.Nothing").ShouldBeFalse();
        IsThere("AttackList.IsThere").ShouldBeFalse("it is no test");
        IsThere("NoSuchTests.*").ShouldBeFalse();
    }

    static List<(int Number, List<string> Tests)> Read(string list)
    {
        var attacks = new List<(int Number, List<string> Tests)>();
        foreach (var line in list.Split('\n'))
            if (line.StartsWith(' '))
                attacks[^1].Tests.Add(line.Trim());
            else
                attacks.Add((int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), []));
        return attacks;
    }

    static bool IsThere(string test)
    {
        var (name, method) = (test.Split('.')[0], test.Split('.')[1]);
        var tests = typeof(AttackList).Assembly.GetTypes().Where(t => t.Name == name).SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttributes<FactAttribute>().Any()).Select(m => m.Name).ToList();
        return method == "*" ? tests.Count > 0 : tests.Contains(method);
    }
}
