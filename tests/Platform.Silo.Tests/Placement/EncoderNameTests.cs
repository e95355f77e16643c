using Platform.Abstractions;

namespace Platform.Silo.Tests.Placement;

public sealed class EncoderNameTests
{
    [Theory]
    [InlineData("a@1", "a@1", null)]
    [InlineData("Lion-1B.x@v_2", "Lion-1B.x@v_2", null)]
    [InlineData("a@1#cpu", "a@1", "cpu")]
    [InlineData("a@1#cuda", "a@1", "cuda")]
    [InlineData("a@1#cuda:12", "a@1", "cuda:12")]
    public void A_name_says_the_model_and_perhaps_the_device(string text, string model, string? device)
    {
        Assert.True(EncoderName.TryParse(text, out EncoderName name));
        Assert.Equal(new EncoderName(model, device), name);
        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("lexical")]
    [InlineData("@1")]
    [InlineData("a@")]
    [InlineData("a@1@2")]
    [InlineData("../a@1")]
    [InlineData(".a@1")]
    [InlineData("a@1#")]
    [InlineData("a@1#tpu")]
    [InlineData("a@1#cuda:")]
    [InlineData("a@1#cuda:x")]
    [InlineData("a@1#cuda:1234")]
    [InlineData("a@1#cpu#cpu")]
    public void Anything_else_is_no_name(string? text) => Assert.False(EncoderName.TryParse(text, out _));

    [Theory]
    [InlineData("a@1", "cpu", true)]
    [InlineData("a@1", "cuda:1", true)]
    [InlineData("a@1#cpu", "cpu", true)]
    [InlineData("a@1#cpu", "cuda", false)]
    [InlineData("a@1#cuda", "cuda", true)]
    [InlineData("a@1#cuda", "cuda:1", true)]
    [InlineData("a@1#cuda", "cpu", false)]
    [InlineData("a@1#cuda:1", "cuda:1", true)]
    [InlineData("a@1#cuda:1", "cuda:0", false)]
    public void A_silo_serves_a_name_whose_device_is_its_own(string text, string device, bool served)
    {
        Assert.True(EncoderName.TryParse(text, out EncoderName name));
        Assert.Equal(served, name.IsServedBy(device));
    }
}
