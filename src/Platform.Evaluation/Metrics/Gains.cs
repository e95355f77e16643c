namespace Platform.Evaluation.Metrics;

/// <summary>What each grade is worth, and the order of gains that an ideal ranking would have.</summary>
/// <remarks>By default a grade's gain is the grade. Documents without a judgement gain nothing.</remarks>
internal sealed class Gains
{
    public static readonly Gains ByGrade = new(new Dictionary<int, double>());

    private readonly IReadOnlyDictionary<int, double> _byGrade;

    public Gains(IReadOnlyDictionary<int, double> byGrade) => _byGrade = byGrade;

    public double Of(int grade) => grade < 0 ? 0 : _byGrade.Count == 0 ? grade : _byGrade.GetValueOrDefault(grade, grade);

    /// <summary>Walks the positive gains of all judged documents, highest first.</summary>
    public Ideal IdealOf(JudgedRanking ranking) => new(this, ranking.LevelCounts);

    /// <summary>The ideal ranking's gains, one a call; 0 when they are spent.</summary>
    public ref struct Ideal
    {
        private readonly Gains _gains;
        private readonly ReadOnlySpan<int> _levelCounts;
        private double _gain;
        private int _left;

        public Ideal(Gains gains, ReadOnlySpan<int> levelCounts)
        {
            _gains = gains;
            _levelCounts = levelCounts;
            _gain = double.PositiveInfinity;
        }

        public double Next()
        {
            if (_left == 0 && _gain > 0)
            {
                MoveToNextGain();
            }

            _left--;
            return _gain;
        }

        /// <summary>Finds the highest gain below the last one, and how many documents have it.</summary>
        private void MoveToNextGain()
        {
            double next = 0;
            for (int grade = 0; grade < _levelCounts.Length; grade++)
            {
                double gain = _gains.Of(grade);
                if (_levelCounts[grade] > 0 && gain < _gain)
                {
                    next = Math.Max(next, gain);
                }
            }

            for (int grade = 0; grade < _levelCounts.Length && next > 0; grade++)
            {
                _left += _gains.Of(grade) == next ? _levelCounts[grade] : 0;
            }

            _gain = next;
        }
    }
}
