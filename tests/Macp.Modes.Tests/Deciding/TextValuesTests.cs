namespace Macp.Modes.Tests.Deciding;

public class TextValuesTests
{
    [Theory]
    [InlineData("approve", "APPROVE")]
    [InlineData("ApProve-1 [{`@", "APPROVE-1 [{`@")]
    [InlineData("rejıct", "REJıCT")]
    [InlineData("abſtain", "ABſTAIN")]
    [InlineData("straße é ｖ", "STRAßE é ｖ")]
    [InlineData("", "")]
    public void Upper_case_is_of_ASCII_alone(string value, string folded) => Assert.Equal(folded, TextValues.ToUpper(value));

    [Theory]
    [InlineData("CRITICAL", "critical")]
    [InlineData("High_2 [{`@", "high_2 [{`@")]
    [InlineData("CRİTICAL", "crİtical")]
    [InlineData("\u212Aey", "\u212Aey")]
    [InlineData("ÀÉ ＨIGH", "ÀÉ Ｈigh")]
    [InlineData("", "")]
    public void Lower_case_is_of_ASCII_alone(string value, string folded) => Assert.Equal(folded, TextValues.ToLower(value));

    [Fact]
    public void Every_other_character_is_left_alone()
    {
        for (char c = '\0'; c < '\uffff'; c++)
        {
            string text = c.ToString();
            if (!char.IsAsciiLetterLower(c)) Assert.Same(text, TextValues.ToUpper(text));
            if (!char.IsAsciiLetterUpper(c)) Assert.Same(text, TextValues.ToLower(text));
        }
    }

    [Fact]
    public void What_is_folded_already_is_the_same_instance()
    {
        string upper = new([.. "APPROVEı"]), lower = new([.. "criticalİ"]);
        Assert.Same(upper, TextValues.ToUpper(upper));
        Assert.Same(lower, TextValues.ToLower(lower));
    }
}
