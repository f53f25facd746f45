def test_demo_prints_exactly_this(run, capsys):
    assert run("demo") == 0
    assert capsys.readouterr().out == (
        "Six invented films: most probable score 0-3, probability of passing\n"
        "title                 year  genres                  score  passes\n"
        "The Long Ride West    1956  Western                     1    0.09\n"
        "Sisters of the Lake   2018  Drama|Romance               3    0.97\n"
        "Orbit of Iron         1999  Action|Science Fiction      1    0.32\n"
        "The House Downstairs  2012  Horror                      3    0.94\n"
        "Company of Seven      1971  War                         1    0.09\n"
        "School for Dragons    2009  Animation|Family            3    0.72\n"
    )
